-- Members with what discovery knows of them. The members come first: their indexes give every order a page is read in.
SELECT
    member.CollectionID AS CollectionID,
    member.ResourceID AS ResourceID,
    member.IsDirect AS IsDirect,
    5 AS ResourceType,
    member.Name AS Name,
    device.ResourceDomainORWorkgroup AS Domain,
    (SELECT ThisSiteCode FROM SMS_Identification) AS SiteCode,
    device.SMSUniqueIdentifier AS SMSID,
    coalesce(device.Client, 0) = 1 AS IsClient,
    coalesce(device.Active, 0) = 1 AS IsActive,
    coalesce(device.Obsolete, 0) = 1 AS IsObsolete,
    coalesce(device.Decommissioned, 0) = 1 AS IsDecommissioned,
    json_array_length(coalesce(device.SMSAssignedSites, '[]')) > 0 AS IsAssigned,
    0 AS IsBlocked,
    device.IsVirtualMachine AS IsVirtualMachine,
    coalesce(device.InternetEnabled, 0) AS IsInternetEnabled,
    coalesce(device.AlwaysInternet, 0) AS IsAlwaysInternet,
    coalesce(device.Client, 0) AS IsApproved,
    device.ClientType AS ClientType,
    device.ClientVersion AS ClientVersion
FROM consign_member AS member
CROSS JOIN SMS_R_System AS device ON device.ResourceId = member.ResourceID
