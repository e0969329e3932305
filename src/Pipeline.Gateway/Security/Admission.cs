namespace Pipeline.Gateway.Security;

/// <summary>Whether a client may connect.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>As many are connected as may be.</summary>
    Full,

    /// <summary>As many of its address are connected as may be.</summary>
    TooManyOpen,

    /// <summary>Its address connects too often.</summary>
    TooFast,

    /// <summary>A client of its address was cut for what it sent.</summary>
    Penalised,
}
