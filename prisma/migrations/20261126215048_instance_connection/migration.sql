-- AlterTable
ALTER TABLE "Instance" ADD COLUMN "connection" JSONB;
