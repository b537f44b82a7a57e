-- One row a package with source files: the state of its content in counts.
SELECT
    package.PackageID AS ObjectID,
    package.PackageID AS PackageID,
    package.Name AS SoftwareName,
    package.Description AS Description,
    package.SourceSite AS SourceSite,
    package.SourceVersion AS SourceVersion,
    package.PackageSize AS SourceSize,
    package.SourceDate AS DateCreated,
    max(point.SummaryDate) AS LastUpdateDate,
    0 AS ObjectType,
    2 AS ObjectTypeID,
    8 AS FeatureType,
    count(point.PackageID) AS Targeted,
    count(CASE WHEN point.State IN (0, 8) THEN 1 END) AS NumberSuccess,
    count(CASE WHEN point.State IN (1, 2, 4, 5, 7) THEN 1 END) AS NumberInProgress,
    count(CASE WHEN point.State IN (3, 6) THEN 1 END) AS NumberErrors,
    0 AS NumberUnknown
FROM SMS_Package AS package
LEFT JOIN SMS_PackageStatusDistPointsSummarizer AS point ON point.PackageID = package.PackageID
WHERE package.PkgSourceFlag IN (2, 4) AND package.ActionInProgress IS NOT 3
GROUP BY package.PackageID
