using System.Globalization;

namespace Pipeline.Host.Doctor.Machine;

/// <summary>How many files and sockets a process may have open, against what the collector and the gateway need.</summary>
/// <param name="limitsPath">Where the system tells the limits of this process; those it starts have the same.</param>
/// <param name="connections">Connections the collector opens.</param>
/// <param name="clients">Clients the gateway may take (<c>gateway.maxConnections</c>); 0 = there is none.</param>
internal sealed class FileLimitCheck(string limitsPath, int connections, int clients) : ICheck
{
    /// <summary>Where the system tells the limits of this process.</summary>
    public const string LimitsPath = "/proc/self/limits";

    private const string CheckName = "file limit";

    /// <summary>
    /// Libraries (two files each), brokers, the HTTP port and the runtime's own: 107 in the embedded broker, 250 in a collector of four venues
    /// (<c>make soak</c>, 2026-11-21).
    /// </summary>
    private const int Base = 320;

    /// <summary>With fewer not all of this check's own libraries can be opened.</summary>
    private const int LeastToLook = 256;

    // Each connection may have a twin for a while.
    private const int PerConnection = 2;

    private int Collector => Base + (connections * PerConnection);

    private int Gateway => Base + clients;

    public string Name => CheckName;

    public Task<Finding> RunAsync(CancellationToken cancellation) => Task.FromResult(Look());

    /// <summary>
    /// When there are so few that no process of ours can live, and not even a topology can be read, since libraries are files too: what is to
    /// be told then, by itself. Else null.
    /// </summary>
    public static CheckResult? FindHopeless(string limitsPath) => File.Exists(limitsPath) && Parse(File.ReadAllText(limitsPath)) is { } limit and < LeastToLook
        ? new CheckResult(
            CheckName,
            Finding.Fail(string.Create(CultureInfo.InvariantCulture, $"at most {limit} open files a process, too few to look at anything else"), Advise(Base)),
            TimeSpan.Zero)
        : null;

    /// <summary>The limit in force; null = none. The runtime raises its own to the hard one when it starts.</summary>
    /// <exception cref="FormatException">The text is none of the system's.</exception>
    internal static long? Parse(string limits)
    {
        const string Label = "Max open files";
        var line = limits.Split('\n').FirstOrDefault(one => one.StartsWith(Label, StringComparison.Ordinal))
            ?? throw new FormatException($"There is no line '{Label}'.");
        var value = line[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return value == "unlimited" ? null : long.Parse(value, CultureInfo.InvariantCulture);
    }

    private Finding Look()
    {
        if (!File.Exists(limitsPath))
        {
            return Finding.Skip($"this system has no {limitsPath}");
        }

        if (Parse(File.ReadAllText(limitsPath)) is not { } limit)
        {
            return Finding.Ok("no limit on open files");
        }

        var needs = clients > 0 ? $"collector about {Collector}, gateway about {Gateway}" : $"collector about {Collector}";
        var state = $"at most {limit} open files a process; {needs}";
        return limit < Collector ? Finding.Fail(state, Advise(Math.Max(Collector, Gateway)))
            : limit < Gateway ? Finding.Warn(state, $"{Advise(Gateway)}; or lower gateway.maxConnections to {limit - Base}")
            : Finding.Ok(state);
    }

    private static string Advise(int needed)
    {
        var wanted = Math.Max(4096, needed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"raise it before starting: 'ulimit -n {wanted}' in the shell, LimitNOFILE={wanted} in a systemd unit, --ulimit nofile={wanted} for a container");
    }
}
