-- AlterTable
ALTER TABLE "Rental" ADD COLUMN "restartWantedAt" DATETIME;
