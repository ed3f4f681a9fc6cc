//! `specie-signer` behind TLS, with a certificate of an authority of its own.

use crate::world::{CLUSTER, NOW, VAULT, issuer};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use solana_pubkey::Pubkey;
use specie_gateway::clock::ManualClock;
use specie_gateway::signer::{
    Purpose, RemoteSigner, RemoteSignerConfig, Signer as _, SignerError, Token,
};
use specie_signer::http::{KeyHost, router};
use specie_signer::tls::{Tls, TlsError};
use specie_signer::{Policy, Role};
use specie_wire::Voucher;
use std::sync::Arc;
use std::time::Duration;

const TOKEN: &str = "a-token-of-the-gateways";

/// A voucher of the vault's.
fn terms() -> Voucher {
    Voucher {
        vault: VAULT.to_bytes(),
        ..specie_testing::account::terms()
    }
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

/// A certificate for 127.0.0.1 that the authority signed, and its key.
fn certified(authority: &Authority) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    (certificate.pem(), key.serialize_pem())
}

/// A signer on loopback, as its binary puts one together.
async fn serve(authority: &Authority) -> String {
    let (certificate, key) = certified(authority);
    let tls = Tls::new(certificate.as_bytes(), key.as_bytes()).unwrap();
    let policy = Policy {
        cluster: CLUSTER,
        vault: VAULT,
        most_units: u64::MAX,
        most_fee: 0,
    };
    let keys = vec![(Role::Issuer, issuer())];
    let host = KeyHost::new(policy, keys, TOKEN, Arc::new(ManualClock::at(NOW)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/v1/sign", listener.local_addr().unwrap());
    let listener = tls.listen(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router(Arc::new(host))).await });
    url
}

async fn signed_by(url: &str, authority: Option<&Authority>) -> Result<[u8; 64], SignerError> {
    let signer = RemoteSigner::new(RemoteSignerConfig {
        url: url.to_owned(),
        public_key: Pubkey::new_from_array(issuer().verifying_key().to_bytes()),
        token: Token(TOKEN.to_owned()),
        authority: authority.map(|authority| authority.pem.clone().into_bytes()),
        timeout: Duration::from_secs(5),
    })
    .unwrap();
    let message = terms().encode(&CLUSTER);
    signer.sign(Purpose::Voucher, &message).await
}

#[tokio::test]
async fn a_signer_behind_tls_is_trusted_by_its_own_authority_alone() {
    let (own, other) = (authority(), authority());
    let url = serve(&own).await;
    // Whoever connects and says nothing keeps nobody waiting.
    let address = url
        .trim_start_matches("https://")
        .trim_end_matches("/v1/sign");
    let _silent = tokio::net::TcpStream::connect(address).await.unwrap();
    let signature = specie_wire::sign(&terms(), &CLUSTER, &issuer());
    assert_eq!(signed_by(&url, Some(&own)).await, Ok(signature));
    let refused = Err(SignerError::OutOfReach(
        "it cannot be connected to".to_owned(),
    ));
    assert_eq!(signed_by(&url, Some(&other)).await, refused);
    assert_eq!(signed_by(&url, None).await, refused);
    let by_another_name = url.replace("127.0.0.1", "[::1]");
    assert_eq!(signed_by(&by_another_name, Some(&own)).await, refused);
}

#[test]
fn files_that_are_no_certificate_or_of_another_key_reject() {
    let authority = authority();
    let ((certificate, key), (_, other)) = (certified(&authority), certified(&authority));
    let tls = |certificate: &str, key: &str| Tls::new(certificate.as_bytes(), key.as_bytes());
    assert!(tls(&certificate, &key).is_ok());
    let refused = tls(&certificate, &other).err();
    assert!(
        matches!(refused, Some(TlsError::Certificate(_))),
        "{refused:?}"
    );
    let refused = tls("", &key).err();
    assert!(
        matches!(refused, Some(TlsError::Certificate(_))),
        "{refused:?}"
    );
    let refused = tls(&certificate, "no key").err();
    assert!(matches!(refused, Some(TlsError::Pem(_))), "{refused:?}");
}
