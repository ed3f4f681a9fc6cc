//! A signer behind TLS, whose certificate is of an authority of its own.

use axum::routing::post;
use axum::{Json, Router};
use ed25519_dalek::Signer as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::jws::{decode_bytes, encode_bytes};
use specie_gateway::signer::{
    Purpose, RemoteSigner, RemoteSignerConfig, Signer as _, SignerError, Token,
};
use specie_wire::SigningKey;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const MESSAGE: &[u8] = b"anything";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

/// A certificate's authority.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    Authority {
        pem: certificate.pem(),
        issuer: Issuer::new(params, key),
    }
}

async fn sign(Json(request): Json<Value>) -> Json<Value> {
    let message = decode_bytes(request["message"].as_str().unwrap()).unwrap();
    let signature = encode_bytes(&key().sign(&message).to_bytes());
    Json(json!({"signature": signature}))
}

/// A signer on loopback, with a certificate for 127.0.0.1 that the authority signed.
async fn serve(authority: &Authority) -> String {
    let server_key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&server_key, &authority.issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(server_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/v1/sign", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/sign", post(sign));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                // A client that does not trust it ends the handshake.
                if let Ok(connection) = acceptor.accept(connection).await {
                    let connection = TokioIo::new(connection);
                    let service = TowerToHyperService::new(router);
                    let _ = Builder::new(TokioExecutor::new())
                        .serve_connection(connection, service)
                        .await;
                }
            });
        }
    });
    url
}

async fn signed_by(url: &str, authority: Option<&Authority>) -> Result<[u8; 64], SignerError> {
    let signer = RemoteSigner::new(RemoteSignerConfig {
        url: url.to_owned(),
        public_key: Pubkey::new_from_array(key().verifying_key().to_bytes()),
        token: Token("token".to_owned()),
        authority: authority.map(|authority| authority.pem.clone().into_bytes()),
        timeout: Duration::from_secs(5),
    })
    .unwrap();
    signer.sign(Purpose::Voucher, MESSAGE).await
}

#[tokio::test]
async fn a_signer_behind_tls_is_trusted_by_its_own_authority_alone() {
    let (own, other) = (authority(), authority());
    let url = serve(&own).await;
    let signature = key().sign(MESSAGE).to_bytes();
    assert_eq!(signed_by(&url, Some(&own)).await, Ok(signature));
    let refused = Err(SignerError::OutOfReach(
        "it cannot be connected to".to_owned(),
    ));
    assert_eq!(signed_by(&url, Some(&other)).await, refused);
    assert_eq!(signed_by(&url, None).await, refused);
    let by_another_name = url.replace("127.0.0.1", "[::1]");
    assert_eq!(signed_by(&by_another_name, Some(&own)).await, refused);
}
