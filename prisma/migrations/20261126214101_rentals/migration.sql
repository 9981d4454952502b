-- CreateTable
CREATE TABLE "Rental" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "work" JSONB NOT NULL,
    "goal" TEXT NOT NULL DEFAULT 'running',
    "goalAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'looking',
    "stateSince" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen" JSONB,
    "seenAt" DATETIME,
    "startAskedAt" DATETIME,
    "utilization" JSONB,
    "idleSince" DATETIME,
    "spentNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "spentDiskNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "spentTrafficNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "spentUntil" DATETIME,
    "charges" JSONB,
    "chargesAt" DATETIME,
    "failure" JSONB,
    "alarm" JSONB,
    "endedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Rental_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RentalTry" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "rentalId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'asking',
    "label" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "offer" JSONB NOT NULL,
    "estimate" JSONB NOT NULL,
    "serviceId" TEXT,
    "sentAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "thereAt" DATETIME,
    "reachableAt" DATETIME,
    "releasedAt" DATETIME,
    "goneAt" DATETIME,
    "failure" JSONB,
    CONSTRAINT "RentalTry_rentalId_fkey" FOREIGN KEY ("rentalId") REFERENCES "Rental" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RentalEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "rentalId" TEXT NOT NULL,
    "at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "RentalEvent_rentalId_fkey" FOREIGN KEY ("rentalId") REFERENCES "Rental" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AvoidedMachine" (
    "machineId" TEXT NOT NULL PRIMARY KEY,
    "reason" TEXT NOT NULL,
    "until" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "StrayInstance" (
    "serviceId" TEXT NOT NULL PRIMARY KEY,
    "label" TEXT NOT NULL,
    "seen" JSONB NOT NULL,
    "choice" TEXT NOT NULL DEFAULT 'none',
    "failure" JSONB,
    "firstSeenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "RentalWatch" (
    "service" TEXT NOT NULL PRIMARY KEY,
    "readAt" DATETIME,
    "instances" JSONB,
    "failure" JSONB,
    "creditNanoUsd" BIGINT,
    "creditAt" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "Rental_instanceId_key" ON "Rental"("instanceId");

-- CreateIndex
CREATE INDEX "Rental_state_createdAt_idx" ON "Rental"("state", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "RentalTry_label_key" ON "RentalTry"("label");

-- CreateIndex
CREATE UNIQUE INDEX "RentalTry_serviceId_key" ON "RentalTry"("serviceId");

-- CreateIndex
CREATE INDEX "RentalTry_state_idx" ON "RentalTry"("state");

-- CreateIndex
CREATE UNIQUE INDEX "RentalTry_rentalId_ordinal_key" ON "RentalTry"("rentalId", "ordinal");

-- CreateIndex
CREATE INDEX "RentalEvent_rentalId_id_idx" ON "RentalEvent"("rentalId", "id");
