# The case files of an invented department.

provider "aws" {
  region = "eu-west-2"
}

resource "aws_s3_bucket" "cases" {
  bucket = "example-synthetic-referrals"
}

resource "aws_s3_bucket_public_access_block" "cases" {
  bucket                  = aws_s3_bucket.cases.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "cases" {
  bucket = aws_s3_bucket.cases.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = 2555
    }
  }
}

# Published documents. That their reading is not logged was so before, and is no business of the change.
resource "aws_s3_bucket" "leaflets" {
  bucket = "example-synthetic-leaflets"
}
