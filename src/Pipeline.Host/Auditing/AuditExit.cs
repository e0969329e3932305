namespace Pipeline.Host.Auditing;

/// <summary>What <c>pipeline audit</c> answers with beside <see cref="ExitCodes"/>: 0 none differ.</summary>
internal static class AuditExit
{
    /// <summary>At least one candle is not the same.</summary>
    public const int Differ = 1;

    /// <summary>It could not be found out.</summary>
    public const int Cannot = 2;

    /// <summary>There was nothing to compare, which proves nothing.</summary>
    public const int Nothing = 3;
}
