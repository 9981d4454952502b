-- AlterTable
ALTER TABLE "RentalTry" ADD COLUMN "selfStop" TEXT;
