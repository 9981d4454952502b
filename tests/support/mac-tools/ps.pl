#!/usr/bin/perl
# ps as macOS has it, over Linux' /proc: no GNU options, no session, starts by the wall clock, and no environment of the
# system's own programs (the kernel there hides it).
use strict;

my (@columns, %wanted, $all, $shows_environment);
while (@ARGV) {
    my $word = shift;
    die "ps: illegal argument: $word\n" unless $word =~ /^-([A-Za-z]+)$/;
    my @letters = split //, $1;
    while (defined(my $letter = shift @letters)) {
        if ($letter =~ /^[ax]$/) { $all = 1 }
        elsif ($letter =~ /^[Ae]$/) { $all = 1 }
        elsif ($letter eq 'E') { $shows_environment = 1 }
        elsif ($letter eq 'w') { }
        elsif ($letter =~ /^[op]$/) {
            my $value = join('', @letters) || shift;
            @letters = ();
            if ($letter eq 'p') { $wanted{$_} = 1 for split /,/, $value }
            else { push @columns, map { s/=.*//r } split /,/, $value }
        }
        else { die "ps: illegal option -- $letter\n" }
    }
}
die "ps: this stand-in needs -o\n" unless @columns;

sub slurp { my ($file) = @_; local $/; open my $in, '<', $file or return undef; scalar <$in> }
my ($boot) = slurp('/proc/stat') =~ /^btime (\d+)/m;
my $found = 0;
for my $pid ($all ? map { m{(\d+)} } glob('/proc/[0-9]*') : keys %wanted) {
    my $stat = slurp("/proc/$pid/stat") or next;
    my ($name, $rest) = $stat =~ /\((.*)\) (.*)/s or next;
    my @field = split ' ', $rest;
    my $words = join ' ', split /\0/, slurp("/proc/$pid/cmdline") // '';
    my $program = readlink("/proc/$pid/exe") // '/usr/bin/';
    if ($shows_environment && $program !~ m{^/(usr/)?s?bin/(?!node$)}) {
        $words .= ' ' . join ' ', split /\0/, slurp("/proc/$pid/environ") // '';
    }
    # As vis(3) does it: one process, one line.
    (my $command = $words || "($name)") =~ s/([\0-\x1f\x7f])/sprintf '\\%03o', ord $1/ge;
    my %value = (
        pid => $pid, ppid => $field[1], pgid => $field[2], stat => $field[0] eq 'D' ? 'U' : $field[0],
        lstart => scalar localtime($boot + int($field[19] / 100)), command => $command, args => $command,
    );
    print join(' ', map { sprintf '%5s', $value{$_} // die "ps: $_: keyword not found\n" } @columns), "\n";
    $found = 1;
}
exit($found ? 0 : 1);
