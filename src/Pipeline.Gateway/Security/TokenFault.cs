namespace Pipeline.Gateway.Security;

/// <summary>Why a token does not let in. Counted and logged; a client is told no more than that it is refused.</summary>
internal enum TokenFault
{
    None,
    Missing,
    Unknown,
    TooLong,
    Malformed,
    Algorithm,
    Type,
    Signature,
    Expired,
    NotYetValid,
    Audience,
    Issuer,
}
