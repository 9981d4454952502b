-- CreateTable
CREATE TABLE "ModelCheck" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "source" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "commit" TEXT,
    "report" JSONB,
    "failure" JSONB,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "ModelCheck_status_createdAt_idx" ON "ModelCheck"("status", "createdAt");
