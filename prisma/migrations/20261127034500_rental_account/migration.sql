-- AlterTable
ALTER TABLE "RentalTry" ADD COLUMN "accountId" TEXT;
ALTER TABLE "RentalTry" ADD COLUMN "containerLog" TEXT;

-- AlterTable
ALTER TABLE "RentalWatch" ADD COLUMN "accountId" TEXT;

-- AlterTable
ALTER TABLE "StrayInstance" ADD COLUMN "accountId" TEXT;
ALTER TABLE "StrayInstance" ADD COLUMN "chosenAt" DATETIME;

-- CreateTable
CREATE TABLE "PlacedAccountKey" (
    "accountId" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "placedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("accountId", "publicKey")
);
