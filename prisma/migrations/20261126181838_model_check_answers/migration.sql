-- AlterTable
ALTER TABLE "ModelCheck" ADD COLUMN "answers" JSONB;
