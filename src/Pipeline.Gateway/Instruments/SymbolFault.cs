namespace Pipeline.Gateway.Instruments;

/// <summary>Why a name does not tell which instrument is meant.</summary>
internal enum SymbolFault
{
    None,

    /// <summary>Nothing bears it.</summary>
    Unknown,

    /// <summary>Several bear it.</summary>
    Ambiguous,
}
