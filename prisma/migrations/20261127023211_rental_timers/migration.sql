-- AlterTable
ALTER TABLE "Rental" ADD COLUMN "savingSince" DATETIME;

-- AlterTable
ALTER TABLE "RentalTry" ADD COLUMN "failingSince" DATETIME;
ALTER TABLE "RentalTry" ADD COLUMN "failingWith" JSONB;
ALTER TABLE "RentalTry" ADD COLUMN "phase" TEXT;
ALTER TABLE "RentalTry" ADD COLUMN "phaseSince" DATETIME;
