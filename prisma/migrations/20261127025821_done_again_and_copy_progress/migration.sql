-- AlterTable
ALTER TABLE "Artifact" ADD COLUMN "bringHomeProgress" JSONB;

-- AlterTable
ALTER TABLE "Step" ADD COLUMN "isAgain" BOOLEAN NOT NULL DEFAULT false;
