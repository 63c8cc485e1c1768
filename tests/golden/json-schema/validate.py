#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py SCHEMA - standard input is JSON, and fits"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
document = json.load(sys.stdin)
jsonschema.Draft202012Validator(schema).validate(document)
print("valid:", type(document).__name__)
