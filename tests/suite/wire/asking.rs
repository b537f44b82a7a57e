//! A site of its own for a test, and requests to it.

use axum::Router;
use axum::body::Body;
use consign::site::store::Object;
use consign::site::{NewSite, Site};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// Where the service is; tests write what follows.
pub const ROOT: &str = "/AdminService/wmi/";

/// A new site, gone with the value.
pub struct Asking {
    pub site: Site,
    router: Router,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub kind: String,
    pub text: String,
}

impl Asking {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let new = NewSite {
            code: "ABC".into(),
            name: "lab".to_owned(),
        };
        let site = Site::create(folder.path(), &new).unwrap();
        Self {
            router: site.router(),
            site,
            _folder: folder,
        }
    }

    /// Sends what stands behind [`ROOT`], as it is; spaces and braces are encoded, as every client does.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let path = path
            .replace(' ', "%20")
            .replace('{', "%7B")
            .replace('}', "%7D");
        let path = if path.starts_with('/') {
            path
        } else {
            format!("{ROOT}{path}")
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "dp01.lab.example");
        let body = match body {
            Some(body) => {
                let text = body.to_string();
                request = request
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::CONTENT_LENGTH, text.len());
                Body::from(text)
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind = kind
            .map(|kind| kind.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            kind,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Makes an object and answers it.
    pub async fn made(&self, class: &str, body: Value) -> Value {
        let answer = self.post(class, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()
    }

    /// A package with a source folder, `ABC00001` on a new site, and its program `Install`.
    pub async fn package(&self) {
        let source =
            json!({ "Name": "7-zip", "PkgSourceFlag": 2, "PkgSourcePath": "/sources/7-zip" });
        self.made("SMS_Package", source).await;
        let program =
            json!({ "PackageID": "ABC00001", "ProgramName": "Install", "CommandLine": "x" });
        self.made("SMS_Program", program).await;
    }

    /// A device, discovered.
    pub async fn device(&self, id: u32, name: &str) {
        let name = name.to_owned();
        self.site
            .write(move |context| {
                let mut device = Object::new();
                device
                    .set("ResourceId", id)
                    .set("ResourceType", 5)
                    .set("Name", name)
                    .set("Client", 1)
                    .set("SMSAssignedSites", vec!["ABC"]);
                context.insert("SMS_R_System", &device)
            })
            .await
            .unwrap();
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The rows of a list, or of a read by key.
    pub fn rows(&self) -> Vec<Value> {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()["value"].as_array().unwrap().clone()
    }

    /// The message of an error body.
    pub fn message(&self) -> String {
        let body = self.json();
        assert_eq!(
            body["error"]["code"],
            self.status.as_u16().to_string(),
            "{}",
            self.text
        );
        body["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// A file of the recorded examples.
pub fn fixture(name: &str) -> String {
    let path = format!(
        "{}/tests/fixtures/adminservice/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The member names of an object, in their order.
pub fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
