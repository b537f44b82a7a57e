//! What the service says of itself: the list of classes, and the EDMX document that describes them.

use std::fmt::{self, Write};

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{json as answered, text};
use crate::site::Site;
use crate::site::catalog::{Catalog, Class, Kind, Method};

/// The service document: every class that has objects.
pub(super) fn service(site: &Site, root: &str) -> Response {
    let sets: Vec<Value> = site
        .catalog()
        .classes()
        .iter()
        .filter(|class| class.has_objects())
        .map(|class| json!({ "name": class.name, "kind": "EntitySet", "url": class.name }))
        .collect();
    let document = json!({ "@odata.context": format!("{root}$metadata"), "value": sets });
    answered(StatusCode::OK, document.to_string().into_bytes())
}

/// `$metadata`.
pub(super) fn document(site: &Site) -> Response {
    let mut xml = String::new();
    let _ = write_document(&mut xml, site.catalog()); // writing to a String cannot fail
    text("application/xml", xml)
}

/// What the management layer adds to every class.
const SYSTEM: &[(&str, &str)] = &[
    ("__GENUS", "Edm.Int32"),
    ("__CLASS", "Edm.String"),
    ("__SUPERCLASS", "Edm.String"),
    ("__DYNASTY", "Edm.String"),
    ("__RELPATH", "Edm.String"),
    ("__PROPERTY_COUNT", "Edm.Int32"),
    ("__DERIVATION", "Collection(Edm.String)"),
    ("__SERVER", "Edm.String"),
    ("__NAMESPACE", "Edm.String"),
    ("__PATH", "Edm.String"),
    ("__LAZYPROPERTIES", "Collection(Edm.String)"),
    ("__QUALIFIER_SECURITYVERBS", "Edm.Int32"),
];

fn write_document(xml: &mut String, catalog: &Catalog) -> fmt::Result {
    xml.push_str(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n\
         <edmx:DataServices>\n\
         <Schema Namespace=\"AdminService\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n",
    );
    for class in catalog.classes() {
        write_type(xml, class)?;
    }
    for (class, method) in methods(catalog) {
        write_action(xml, class, method)?;
    }
    xml.push_str("<EntityContainer Name=\"Container\">\n");
    for class in catalog.classes().iter().filter(|class| class.has_objects()) {
        writeln!(
            xml,
            "<EntitySet Name=\"{0}\" EntityType=\"AdminService.{0}\" />",
            class.name
        )?;
    }
    for (class, method) in methods(catalog).filter(|(_, method)| method.is_static) {
        let name = format!("{}.{}", class.name, method.name);
        writeln!(
            xml,
            "<ActionImport Name=\"{name}\" Action=\"AdminService.{name}\" />"
        )?;
    }
    xml.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n");
    Ok(())
}

fn methods(catalog: &Catalog) -> impl Iterator<Item = (&Class, &Method)> {
    catalog
        .classes()
        .iter()
        .flat_map(|class| class.methods.iter().map(move |method| (class, method)))
}

/// An entity type, or a complex type for what is only embedded.
fn write_type(xml: &mut String, class: &Class) -> fmt::Result {
    let element = if class.has_objects() {
        "EntityType"
    } else {
        "ComplexType"
    };
    writeln!(xml, "<{element} Name=\"{}\">", class.name)?;
    if class.has_objects() {
        xml.push_str("  <Key>\n");
        for key in &class.key {
            writeln!(xml, "    <PropertyRef Name=\"{key}\" />")?;
        }
        xml.push_str("  </Key>\n");
        for (name, kind) in SYSTEM {
            writeln!(xml, "  <Property Name=\"{name}\" Type=\"{kind}\" />")?;
        }
    }
    for property in &class.properties {
        let nullable = if property.required {
            " Nullable=\"false\""
        } else {
            ""
        };
        writeln!(
            xml,
            "  <Property Name=\"{}\" Type=\"{}\"{nullable} />",
            property.name,
            edm(&property.kind)
        )?;
    }
    writeln!(xml, "</{element}>")
}

/// A bound action of an object, or an action of the class under its full name.
fn write_action(xml: &mut String, class: &Class, method: &Method) -> fmt::Result {
    if method.is_static {
        writeln!(xml, "<Action Name=\"{}.{}\">", class.name, method.name)?;
    } else {
        writeln!(xml, "<Action Name=\"{}\" IsBound=\"true\">", method.name)?;
        writeln!(
            xml,
            "  <Parameter Name=\"bindingParameter\" Type=\"AdminService.{}\" />",
            class.name
        )?;
    }
    for (name, kind) in &method.inputs {
        writeln!(
            xml,
            "  <Parameter Name=\"{name}\" Type=\"{}\" />",
            edm(kind)
        )?;
    }
    xml.push_str("  <ReturnType Type=\"Edm.Int32\" />\n</Action>\n");
    Ok(())
}

/// The type as the service tells it: unsigned numbers are widened.
fn edm(kind: &Kind) -> String {
    match kind {
        Kind::String => "Edm.String".to_owned(),
        Kind::UInt32 | Kind::UInt64 | Kind::SInt64 => "Edm.Int64".to_owned(),
        Kind::SInt32 => "Edm.Int32".to_owned(),
        Kind::Boolean => "Edm.Boolean".to_owned(),
        Kind::DateTime => "Edm.DateTimeOffset".to_owned(),
        Kind::Bytes => "Edm.Binary".to_owned(),
        Kind::Strings => "Collection(Edm.String)".to_owned(),
        Kind::Numbers => "Collection(Edm.Int64)".to_owned(),
        Kind::Object(class) => format!("AdminService.{class}"),
        Kind::Objects(class) => format!("Collection(AdminService.{class})"),
    }
}
