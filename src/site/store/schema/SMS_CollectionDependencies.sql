-- Who uses whom: 1 limiting, 2 include, 3 exclude.
SELECT
    LimitToCollectionID AS SourceCollectionID,
    CollectionID AS DependentCollectionID,
    1 AS RelationshipType
FROM SMS_Collection
WHERE LimitToCollectionID <> ''
UNION
SELECT
    coalesce(json_extract(rule.value, '$.IncludeCollectionID'), json_extract(rule.value, '$.ExcludeCollectionID')),
    collection.CollectionID,
    CASE json_extract(rule.value, '$."@odata.type"')
        WHEN '#AdminService.SMS_CollectionRuleIncludeCollection' THEN 2
        ELSE 3
    END
FROM SMS_Collection AS collection
JOIN json_each(coalesce(collection.CollectionRules, '[]')) AS rule
WHERE collection.IncludeExcludeCollectionsCount > 0
  AND json_extract(rule.value, '$."@odata.type"') IN (
    '#AdminService.SMS_CollectionRuleIncludeCollection',
    '#AdminService.SMS_CollectionRuleExcludeCollection'
  )
