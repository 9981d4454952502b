-- AlterTable
ALTER TABLE "Job" ADD COLUMN "proposedFiles" JSONB;
