using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>What a proof comes to, and the exit code that says so.</summary>
internal static class VerifyResult
{
    public static int ExitCodeOf(FindingLog findings) =>
        findings.CountOf(FindingSeverity.Contradiction) > 0 ? ExitCodes.Failed
        : findings.CountOf(FindingSeverity.CannotProve) > 0 ? ExitCodes.CannotProve
        : findings.CountOf(FindingSeverity.AnnouncedLoss) > 0 ? ExitCodes.AnnouncedLoss
        : ExitCodes.Ok;

    public static string NameOf(int exitCode) => exitCode switch
    {
        ExitCodes.Ok => "proven",
        ExitCodes.CannotProve => "cannot prove",
        ExitCodes.AnnouncedLoss => "proven, with announced losses",
        _ => "contradicted",
    };
}
