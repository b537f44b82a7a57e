//! Which object a path names: key values by name, alone or in the order of the class, each in the type of its property.

use serde_json::Value;

use super::answer::Fault;
use crate::odata::path::{KeyPredicate, KeyValue};
use crate::site::catalog::{Class, Property};
use crate::site::store::ObjectKey;

/// The key of an object of this class.
pub(super) fn resolve(class: &Class, predicate: &KeyPredicate) -> Result<ObjectKey, Fault> {
    let unfit = || {
        Fault::not_found(format!(
            "({predicate}) is no key of {}: its key is {}.",
            class.name,
            class.key.join(", ")
        ))
    };
    let values = match predicate {
        KeyPredicate::Single(value) if class.key.len() == 1 => class
            .keys()
            .map(|property| typed(property, value))
            .collect::<Option<Vec<_>>>(),
        KeyPredicate::Named(named) if named.len() == class.key.len() => class
            .keys()
            .map(|property| {
                let (_, value) = named
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(&property.name))?;
                typed(property, value)
            })
            .collect(),
        KeyPredicate::Unnamed(unnamed) if unnamed.len() == class.key.len() => {
            let values = class.keys().zip(unnamed);
            values
                .map(|(property, value)| typed(property, value))
                .collect()
        }
        _ => None,
    };
    values.map(|values| ObjectKey { values }).ok_or_else(unfit)
}

fn typed(property: &Property, value: &KeyValue) -> Option<Value> {
    if !property.kind.is_integer() {
        return Some(value.as_str().into());
    }
    value.as_str().parse::<i64>().ok().map(Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog::Catalog;

    fn resolved(class: &str, predicate: &KeyPredicate) -> Option<Vec<Value>> {
        let class = Catalog::shipped().unwrap().class(class).unwrap();
        resolve(class, predicate).ok().map(|key| key.values)
    }

    #[test]
    fn values_take_the_type_of_their_property() {
        let bare = KeyPredicate::Single(KeyValue::Bare("12300001".into()));
        assert_eq!(
            resolved("SMS_Package", &bare),
            Some(vec!["12300001".into()])
        );
        assert_eq!(
            resolved("SMS_R_System", &bare),
            Some(vec![12_300_001.into()])
        );
        assert_eq!(
            resolved("SMS_R_System", &KeyPredicate::text("PC-0001")),
            None
        );
    }

    #[test]
    fn a_composite_key_is_put_in_the_order_of_the_class() {
        let named = KeyPredicate::Named(vec![
            ("programname".into(), KeyValue::text("Install")),
            ("PackageID".into(), KeyValue::text("LAB00001")),
        ]);
        assert_eq!(
            resolved("SMS_Program", &named),
            Some(vec!["LAB00001".into(), "Install".into()])
        );
        let [package, name] = ["LAB00001", "Install"].map(KeyValue::text);
        let unnamed = KeyPredicate::Unnamed(vec![package.clone(), name]);
        assert_eq!(
            resolved("SMS_Program", &unnamed),
            Some(vec!["LAB00001".into(), "Install".into()])
        );
        for short in [
            KeyPredicate::text("LAB00001"),
            KeyPredicate::Unnamed(vec![package]),
        ] {
            assert_eq!(resolved("SMS_Program", &short), None);
        }
    }
}
