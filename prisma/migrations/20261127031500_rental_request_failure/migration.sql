-- AlterTable
ALTER TABLE "Rental" ADD COLUMN "requestFailure" JSONB;
