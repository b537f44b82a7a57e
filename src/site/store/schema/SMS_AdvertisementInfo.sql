-- Advertisements with the names of what they join.
SELECT
    advertisement.AdvertFlags AS AdvertFlags,
    advertisement.AdvertisementID AS AdvertisementID,
    advertisement.AdvertisementName AS AdvertisementName,
    advertisement.SourceSite AS AdvertisementSourceSite,
    advertisement.AssignmentID AS AssignmentID,
    advertisement.CollectionID AS CollectionID,
    collection.Name AS CollectionName,
    advertisement.ExpirationTime AS ExpirationTime,
    advertisement.OfferType AS OfferType,
    advertisement.PackageID AS PackageID,
    package.Name AS PackageName,
    package.Manufacturer AS PackageManufacturer,
    package.Version AS PackageVersion,
    package.Language AS PackageLanguage,
    package.PackageType AS PackageType,
    advertisement.PresentTime AS PresentTime,
    program.ProgramFlags AS ProgramFlags,
    advertisement.ProgramName AS ProgramName,
    advertisement.TimeFlags AS TimeFlags
FROM SMS_Advertisement AS advertisement
LEFT JOIN SMS_Collection AS collection ON collection.CollectionID = advertisement.CollectionID
LEFT JOIN SMS_Package AS package ON package.PackageID = advertisement.PackageID
LEFT JOIN SMS_Program AS program
    ON program.PackageID = advertisement.PackageID AND program.ProgramName = advertisement.ProgramName
