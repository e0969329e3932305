namespace Pipeline.Simulator.Sockets;

/// <summary>Close codes of RFC 6455 §7.4 that the simulator sends.</summary>
internal static class CloseCode
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int InvalidText = 1007;
    public const int PolicyViolation = 1008;
    public const int TooBig = 1009;

    /// <summary>True for codes that may appear in a close frame.</summary>
    public static bool MaySend(int code) => code is >= 1000 and <= 4999 and not (1004 or 1005 or 1006 or 1015);
}
