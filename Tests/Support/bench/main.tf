# The same steps for terraform-provider-aws, with one subnet.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "public_key" { type = string }

provider "aws" {
  region                      = "us-east-2"
  access_key                  = "testing"
  secret_key                  = "testing"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {
    ec2 = var.endpoint
    iam = var.endpoint
    ssm = var.endpoint
    sts = var.endpoint
  }
}

locals { tags = { Name = "terraform-nodes" } }

resource "aws_vpc" "nodes" {
  cidr_block = "10.1.0.0/16"
  tags       = local.tags
}

resource "aws_internet_gateway" "nodes" {
  vpc_id = aws_vpc.nodes.id
  tags   = local.tags
}

resource "aws_subnet" "nodes" {
  vpc_id            = aws_vpc.nodes.id
  cidr_block        = "10.1.0.0/20"
  availability_zone = "us-east-2a"
  tags              = local.tags
}

resource "aws_route_table" "nodes" {
  vpc_id = aws_vpc.nodes.id
  tags   = local.tags
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.nodes.id
  }
}

resource "aws_route_table_association" "nodes" {
  subnet_id      = aws_subnet.nodes.id
  route_table_id = aws_route_table.nodes.id
}

resource "aws_security_group" "nodes" {
  name   = "terraform-nodes"
  vpc_id = aws_vpc.nodes.id
  ingress {
    from_port   = 38333
    to_port     = 38333
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_key_pair" "nodes" {
  key_name   = "terraform-nodes"
  public_key = var.public_key
}

resource "aws_iam_role" "nodes" {
  name = "terraform-nodes"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "ssm" {
  role       = aws_iam_role.nodes.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy" "status" {
  name = "status"
  role = aws_iam_role.nodes.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ec2:CreateTags", Resource = "arn:aws:ec2:*:*:instance/*" }]
  })
}

resource "aws_iam_instance_profile" "nodes" {
  name = "terraform-nodes"
  role = aws_iam_role.nodes.name
}

data "aws_ssm_parameter" "ubuntu" {
  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
}

resource "aws_instance" "node" {
  ami                         = data.aws_ssm_parameter.ubuntu.value
  instance_type               = "t4g.medium"
  subnet_id                   = aws_subnet.nodes.id
  vpc_security_group_ids      = [aws_security_group.nodes.id]
  associate_public_ip_address = true
  key_name                    = aws_key_pair.nodes.key_name
  iam_instance_profile        = aws_iam_instance_profile.nodes.name
  metadata_options { http_tokens = "required" }
  ebs_block_device {
    device_name           = "/dev/xvdf"
    volume_size           = 80
    volume_type           = "gp3"
    delete_on_termination = false
  }
  tags = local.tags
}
