namespace Pipeline.Host;

/// <summary>What the process answers with. Every command keeps to this table.</summary>
internal static class ExitCodes
{
    /// <summary>Done; for a service: stopped in order after a signal.</summary>
    public const int Ok = 0;

    /// <summary>It was tried and did not work.</summary>
    public const int Failed = 1;

    /// <summary>Not tried: the command line or the topology is wrong.</summary>
    public const int Invalid = 2;

    /// <summary>Of <c>pipeline verify</c>: what was read does not say whether it holds. <see cref="Failed"/> says that it does not.</summary>
    public const int CannotProve = 3;

    /// <summary>Of <c>pipeline verify</c>: proven, but trades were given up, and the ledger of gaps says so.</summary>
    public const int AnnouncedLoss = 4;

    /// <summary>Cut short by a signal before it was done (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
