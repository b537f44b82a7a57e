-- The scopes a site is born with, for a site that was born without them; its packages are in the default one.
INSERT OR IGNORE INTO SMS_SecuredCategory (CategoryID, CategoryName, CategoryDescription, IsBuiltIn, NumberOfAdmins, NumberOfObjects, SourceSite)
    SELECT 'SMS00ALL', 'All', 'Everything', 1, 0, 0, ThisSiteCode FROM SMS_Identification
    UNION ALL
    SELECT 'SMS00UNA', 'Default', 'What is in no other scope', 1, 0, 0, ThisSiteCode FROM SMS_Identification;
INSERT OR IGNORE INTO SMS_SecuredCategoryMembership (CategoryID, ObjectKey, ObjectTypeID)
    SELECT 'SMS00UNA', PackageID, 2 FROM SMS_Package;
