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
