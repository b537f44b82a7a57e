#!/bin/sh
# Stands for an installer: the files of this folder are what the example distributes.
echo "Line Tool is installed"
