namespace Pipeline.Fanout.Frames;

/// <summary>Close codes the protocol itself uses, RFC 6455 §7.4.1.</summary>
internal static class CloseCode
{
    public const int ProtocolError = 1002;

    /// <summary>A close frame without a code; never on the wire.</summary>
    public const int None = 1005;

    /// <summary>Broken without a close frame; never on the wire.</summary>
    public const int Broken = 1006;

    public const int InvalidText = 1007;
    public const int TooBig = 1009;
    public const int InternalError = 1011;

    /// <summary>Whether a client may send this code.</summary>
    public static bool IsAllowed(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
