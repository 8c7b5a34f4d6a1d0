# The case files of an invented department.

provider "aws" {
  region = "eu-west-2"
}

resource "aws_kms_key" "cases" {
  description         = "Case files"
  enable_key_rotation = true
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

resource "aws_s3_bucket_server_side_encryption_configuration" "cases" {
  bucket = aws_s3_bucket.cases.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.cases.arn
    }
  }
}

data "aws_iam_policy_document" "cases_tls" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.cases.arn, "${aws_s3_bucket.cases.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "cases" {
  bucket = aws_s3_bucket.cases.id
  policy = data.aws_iam_policy_document.cases_tls.json
}

resource "aws_s3_bucket_logging" "cases" {
  bucket        = aws_s3_bucket.cases.id
  target_bucket = "example-access-logs"
  target_prefix = "cases/"
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
