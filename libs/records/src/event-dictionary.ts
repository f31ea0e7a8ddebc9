/**
 * What events have in common, for their compression: never change it, or what is stored cannot be read. What is most frequent
 * stands last (RFC 1951 §3.2.5: near references are shorter).
 */
export const eventDictionary = Buffer.from(
  [
    '{"v":1,"id":"","application":"","traceparent":"00-","at":17,"kind":"bounced","attempt":1,"dsnId":null,"cause":"failed","recipients":[',
    '{"v":1,"id":"","application":"","traceparent":"00-","at":17,"kind":"held","cause":"verdict","by":"delivery"}',
    '"reasons":[{"rule":"domain.envelope-not-authorized","text":"the sender domain is not among those of this application","fix":"ask',
    ' the mail team to add it","evidence":{"sender":"","domain":"","score":0.}}],"outcome":"unavailable","outcome":"fail",',
    '{"v":1,"id":"","application":"","traceparent":"00-","at":17,"kind":"attempted","attempt":1,"destination":"default","nextHop":"mx.',
    'example.com:25","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384","recipients":[{"index":0,"address":"@","result":"bounced","reply":"550 5.1.1 ',
    'deferred","reply":"451 4. delivered","reply":"250 2.0.0 Ok: queued as "},{"index":1,"address":"],"nextAttemptAt":17,"tookMs":4}',
    '"accepted":false,"outcome":"reject","reply":"550 5.7.1 ","accepted":true,"outcome":"relay","reply":"250 2.6.0 accepted ","client":',
    '{"address":"10.","helo":"","authIdentity":"","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"},"sender":"","recipients":["@"],"headerFrom":["@"],',
    '"subject":"","messageId":"<@>","contentBytes":,"policyRevision":,"tookMs":',
    '],"missing":[],"verdict":{"action":"relay","decidedBy":[],"wouldBe":{"action":"reject","by":["domain"]},"contributions":[',
    '{"check":"address","mode":"enforce","outcome":"fail","action":"reject","rules":["address.unknown"],"text":"',
    '{"check":"domain","mode":"monitor","outcome":"pass","action":"relay","rules":[]},{"check":"address","mode":"monitor","outcome":"pass",',
    '"action":"relay","rules":[]},{"check":"spam","mode":"monitor","outcome":"pass","action":"relay","score":0.,"rules":["lint.',
    '"]},{"check":"throttle","mode":"monitor","outcome":"pass","action":"relay","rules":[]}],"policyRevision":},"replied":true,',
    '"late":false,"tookMs":1.}',
    '{"v":1,"id":"","application":"","traceparent":"00-","at":17,"kind":"settled",',
    '{"v":1,"id":"","application":"","traceparent":"00-","at":17,"kind":"judged","annotations":[{"v":1,"kind":"annotation","id":"',
    '","check":"domain","outcome":"pass","reasons":[],"policyRevision":,"tookMs":0.,"application":""},{"v":1,"kind":"annotation","id":"',
    '","check":"address","outcome":"pass","reasons":[],"policyRevision":,"directoryRevision":"","tookMs":0.,"application":""},',
    '{"v":1,"kind":"annotation","id":"","check":"spam","outcome":"pass","score":,"reasons":[{"rule":"lint.","text":"","fix":"","evidence":{"',
    '"}}],"policyRevision":,"tookMs":,"application":""},{"v":1,"kind":"annotation","id":"","check":"throttle","outcome":"pass","reasons":[],',
  ].join(''),
)
