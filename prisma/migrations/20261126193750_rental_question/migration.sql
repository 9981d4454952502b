-- CreateTable
CREATE TABLE "RentalQuestion" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'queued',
    "answer" JSONB,
    "failure" JSONB,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "RentalQuestion_kind_subject_createdAt_idx" ON "RentalQuestion"("kind", "subject", "createdAt");

-- CreateIndex
CREATE INDEX "RentalQuestion_status_createdAt_idx" ON "RentalQuestion"("status", "createdAt");
