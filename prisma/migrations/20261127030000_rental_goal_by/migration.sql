-- AlterTable
ALTER TABLE "Rental" ADD COLUMN "goalBy" TEXT NOT NULL DEFAULT 'person';
