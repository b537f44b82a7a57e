//! Method calls: finds the method, checks its parameters, answers 201 with `ReturnValue` and the out-parameters.

use axum::response::Response;
use http::{Method as Verb, StatusCode};
use serde_json::{Map, Value, json as value};

use super::answer::{Fault, json};
use super::{Request, body, key, list};
use crate::odata::envelope::{CONTEXT, RETURN_VALUE, is_annotation};
use crate::odata::path::KeyPredicate;
use crate::site::Site;
use crate::site::catalog::{Class, Kind, Method};
use crate::site::context::Context;
use crate::site::methods::{self, Answer, Call, Implementation};
use crate::site::rules;
use crate::site::store::StoreError;
use crate::site::store::object::{self, Object, ObjectKey};

/// What real sites say to a parameter that is a list of objects.
const NO_LISTS_OF_OBJECTS: &str = "ODataParameterReader.ReadAsync or ODataParameterReader.Read was called in the 'ResourceSet' state. 'CreateResourceSetReader' must be called in this state, and the created reader must be in the 'Completed' state before the next ODataParameterReader.ReadAsync or ODataParameterReader.Read can be called.";

/// `Class.Method`: by `POST`, or by `GET` where nothing goes in.
pub(super) async fn on_class(
    site: &Site,
    request: &Request,
    class: &str,
    method: &str,
) -> Result<Response, Fault> {
    let unknown = || {
        Fault::not_found(format!(
            "Resource not found for the segment '{class}.{method}'."
        ))
    };
    let class = site.catalog().class(class).ok_or_else(unknown)?;
    let found = class
        .method(method)
        .filter(|found| found.is_static)
        .ok_or_else(unknown)?;
    let takes_verb =
        request.method == Verb::POST || (request.method == Verb::GET && found.inputs.is_empty());
    if !takes_verb {
        return Err(Fault::method_not_allowed());
    }
    run(site, request, class, found, None).await
}

/// `Class(key)/AdminService.Method`.
pub(super) async fn on_object(
    site: &Site,
    request: &Request,
    class: &'static Class,
    predicate: &KeyPredicate,
    method: &str,
) -> Result<Response, Fault> {
    let unknown = || {
        Fault::not_found(format!(
            "Resource not found for the segment 'AdminService.{method}'."
        ))
    };
    let found = class
        .method(method)
        .filter(|found| !found.is_static)
        .ok_or_else(unknown)?;
    let key = key::resolve(class, predicate)?;
    run(site, request, class, found, Some(key)).await
}

async fn run(
    site: &Site,
    request: &Request,
    class: &'static Class,
    method: &'static Method,
    key: Option<ObjectKey>,
) -> Result<Response, Fault> {
    let not_implemented = || {
        Fault::not_found(format!(
            "{}.{} is not offered by this site.",
            class.name, method.name
        ))
    };
    let arguments = arguments(site, class, method, request)?;
    let implementation = methods::find(&class.name, &method.name).ok_or_else(not_implemented)?;
    let missing = key.as_ref().map(|key| list::absent(class, key));
    let path = key.as_ref().map_or_else(
        || class.name.clone(),
        |key| object::relative_path(class, key),
    );
    let work =
        move |context: &Context<'_>| call(context, implementation, class, method, key, arguments);
    let done = if implementation.writes {
        site.write(work).await
    } else {
        site.read(work).await
    };
    let answer = done
        .map_err(|error| Fault::store(error, "ExecMethod", &format!("{path}::{}", method.name)))?;
    match (answer, missing) {
        (Some(answer), _) => Ok(answered(&request.root, answer)),
        (None, Some(missing)) => Err(missing),
        (None, None) => Err(not_implemented()),
    }
}

/// `None` when the object it is called on is not there.
fn call(
    context: &Context<'_>,
    implementation: &Implementation,
    class: &Class,
    method: &Method,
    key: Option<ObjectKey>,
    arguments: Object,
) -> Result<Option<Answer>, StoreError> {
    let object = match key {
        None => None,
        Some(key) => match rules::shown(context, &class.name, &key)? {
            Some(object) => Some((key, object)),
            None => return Ok(None),
        },
    };
    let call = Call {
        class,
        method,
        object,
        arguments,
    };
    (implementation.run)(context, &call).map(Some)
}

/// The in-parameters of the body, each of its type. What does not fit is a 404 that names it, as on real sites.
fn arguments(
    site: &Site,
    class: &Class,
    method: &Method,
    request: &Request,
) -> Result<Object, Fault> {
    let members = body::members(&request.body).map_err(Fault::bad_request)?;
    let mut arguments = Object::new();
    for (name, sent) in members.into_iter().filter(|(name, _)| !is_annotation(name)) {
        let Some((name, kind)) = parameter(class, method, &name) else {
            return Err(Fault::not_found(format!(
                "The parameter '{name}' in the request payload is not a valid parameter for the operation '{}'.",
                method.name
            )));
        };
        if matches!(kind, Kind::Objects(_)) {
            return Err(Fault::not_found(NO_LISTS_OF_OBJECTS));
        }
        let typed = body::typed(site.catalog(), kind, sent).map_err(|reason| {
            Fault::not_found(format!("{} of {}: {reason}.", name, method.name))
        })?;
        arguments.set(name, typed);
    }
    Ok(arguments)
}

/// The parameter of this name, in any case. A public example of `CancelDistribution` names the properties of the class
/// instead of the parameters of its page; both are taken.
fn parameter<'m>(class: &Class, method: &'m Method, name: &str) -> Option<(&'m str, &'m Kind)> {
    let alias = match (class.name.as_str(), name) {
        ("SMS_DistributionPoint", "ServerNALPath") => "NALPath",
        ("SMS_DistributionPointGroup", "RemovePackageFromDPs") => "RemoveTargetedPackages",
        _ => name,
    };
    method
        .inputs
        .iter()
        .find(|(input, _)| input.eq_ignore_ascii_case(alias))
        .map(|(input, kind)| (input.as_str(), kind))
}

fn answered(root: &str, answer: Answer) -> Response {
    let mut members = Map::new();
    members.insert(
        CONTEXT.to_owned(),
        value!(format!("{root}$metadata#__PARAMETERS")),
    );
    members.insert(RETURN_VALUE.to_owned(), answer.return_value);
    members.extend(answer.out);
    json(
        StatusCode::CREATED,
        Value::Object(members).to_string().into_bytes(),
    )
}
