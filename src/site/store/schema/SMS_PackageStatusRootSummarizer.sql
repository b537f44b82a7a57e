-- One row a package with source files: how many distribution points are meant to have it, and do.
SELECT
    package.PackageID AS PackageID,
    package.Name AS Name,
    package.SourceSite AS SourceSite,
    package.SourceDate AS SourceDate,
    package.SourceVersion AS SourceVersion,
    package.PackageSize AS SourceSize,
    package.PackageSize AS SourceCompressedSize,
    package.PackageType AS PackageType,
    count(CASE WHEN point.State NOT IN (4, 5, 6) THEN 1 END) AS Targeted,
    count(CASE WHEN point.State IN (0, 8) AND point.SourceVersion = package.SourceVersion THEN 1 END) AS Installed,
    count(CASE WHEN point.State IN (2, 5) THEN 1 END) AS Retrying,
    count(CASE WHEN point.State IN (3, 6) THEN 1 END) AS Failed
FROM SMS_Package AS package
LEFT JOIN SMS_PackageStatusDistPointsSummarizer AS point ON point.PackageID = package.PackageID
WHERE package.PkgSourceFlag IN (2, 4) AND package.ActionInProgress IS NOT 3
GROUP BY package.PackageID
