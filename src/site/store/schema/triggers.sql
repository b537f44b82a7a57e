-- What keeps repeated values equal and notes what has changed, whoever changes it.

CREATE TRIGGER IF NOT EXISTS consign_member_renamed AFTER UPDATE OF Name ON SMS_R_System
WHEN old.Name IS NOT new.Name
BEGIN
    UPDATE consign_member SET Name = new.Name WHERE ResourceID = new.ResourceId;
END;

CREATE TRIGGER IF NOT EXISTS consign_device_came AFTER INSERT ON SMS_R_System
BEGIN
    INSERT OR IGNORE INTO consign_device_change VALUES (1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;

CREATE TRIGGER IF NOT EXISTS consign_device_went AFTER DELETE ON SMS_R_System
BEGIN
    INSERT OR IGNORE INTO consign_device_change VALUES (1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;

CREATE TRIGGER IF NOT EXISTS consign_device_changed AFTER UPDATE ON SMS_R_System
BEGIN
    INSERT OR IGNORE INTO consign_device_change VALUES (1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;

-- A new package is in the default scope, and what is gone is in no scope and no folder.

CREATE TRIGGER IF NOT EXISTS consign_package_came AFTER INSERT ON SMS_Package
BEGIN
    INSERT INTO SMS_SecuredCategoryMembership (CategoryID, ObjectKey, ObjectTypeID)
        VALUES ('SMS00UNA', new.PackageID, 2);
END;

CREATE TRIGGER IF NOT EXISTS consign_package_went AFTER DELETE ON SMS_Package
BEGIN
    DELETE FROM SMS_SecuredCategoryMembership WHERE ObjectKey = old.PackageID AND ObjectTypeID = 2;
    DELETE FROM SMS_ObjectContainerItem WHERE InstanceKey = old.PackageID AND ObjectType = 2;
END;

CREATE TRIGGER IF NOT EXISTS consign_collection_went AFTER DELETE ON SMS_Collection
BEGIN
    DELETE FROM SMS_ObjectContainerItem WHERE InstanceKey = old.CollectionID AND ObjectType IN (5000, 5001);
END;

CREATE TRIGGER IF NOT EXISTS consign_scope_entered AFTER INSERT ON SMS_SecuredCategoryMembership
WHEN new.ObjectTypeID = 2
BEGIN
    UPDATE SMS_Package SET SecuredScopeNames =
        (SELECT json_group_array(CategoryName) FROM (
            SELECT CategoryName FROM SMS_SecuredCategory JOIN SMS_SecuredCategoryMembership USING (CategoryID)
            WHERE ObjectKey = new.ObjectKey AND ObjectTypeID = 2 ORDER BY CategoryName))
    WHERE PackageID = new.ObjectKey;
END;

CREATE TRIGGER IF NOT EXISTS consign_scope_left AFTER DELETE ON SMS_SecuredCategoryMembership
WHEN old.ObjectTypeID = 2
BEGIN
    UPDATE SMS_Package SET SecuredScopeNames =
        (SELECT json_group_array(CategoryName) FROM (
            SELECT CategoryName FROM SMS_SecuredCategory JOIN SMS_SecuredCategoryMembership USING (CategoryID)
            WHERE ObjectKey = old.ObjectKey AND ObjectTypeID = 2 ORDER BY CategoryName))
    WHERE PackageID = old.ObjectKey;
END;
