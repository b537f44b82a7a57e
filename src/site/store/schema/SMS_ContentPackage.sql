-- Packages, as the class sees them through which content of every kind is targeted.
SELECT package.*, package.PackageID AS SecurityKey
FROM SMS_Package AS package
WHERE package.ActionInProgress IS NOT 3
