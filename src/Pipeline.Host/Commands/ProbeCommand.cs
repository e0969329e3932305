using System.CommandLine;
using System.Globalization;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline probe</c>: whether a server is well, for health checks where there is no other program to ask with.</summary>
internal static class ProbeCommand
{
    /// <summary>Environment variable with the address that is asked when none is given: an image has one check for all it can run.</summary>
    public const string Variable = "PIPELINE_PROBE";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);

    public static Command Create(CommandContext context)
    {
        var address = new Argument<string?>("address")
        {
            Description = $"http://HOST:PORT/PATH, or tcp://HOST:PORT for a port that only has to accept [default: {Variable}]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var timeout = new Option<string?>("--timeout")
        {
            Description = "How long the answer may take, such as 500ms [default: 3s]",
            HelpName = "DURATION",
        };
        var command = new PipelineCommand(
            "probe",
            "Ask a server whether it is well. Ends with 0 when it says so, else with 1 and the reason in one line.",
            "pipeline probe http://127.0.0.1:8081/readyz",
            "pipeline probe tcp://127.0.0.1:29092 --timeout 1s")
        {
            address,
            timeout,
        };
        command.SetAction((parsed, cancellation) => RunAsync(context, parsed.GetValue(address), parsed.GetValue(timeout), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? named, string? timeoutText, CancellationToken cancellation)
    {
        var timeout = DefaultTimeout;
        if (timeoutText is not null && !DurationText.TryParse(timeoutText, out timeout))
        {
            context.Terminal.Fail($"--timeout: '{timeoutText}' is no duration; write it like 500ms or 5s.");
            return ExitCodes.Invalid;
        }

        var text = named ?? context.Environment(Variable);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https" or "tcp")
            || address is { Scheme: "tcp", Port: < 0 })
        {
            var what = string.IsNullOrEmpty(text) ? "no address is given" : $"'{text}' is no address to ask";
            context.Terminal.Fail($"{what}; write it like http://127.0.0.1:8081/livez or tcp://127.0.0.1:29092.");
            return ExitCodes.Invalid;
        }

        if (await AskAsync(context, address, timeout, cancellation) is not { } why)
        {
            return ExitCodes.Ok;
        }

        context.Terminal.Fail(why);
        return ExitCodes.Failed;
    }

    private static async Task<string?> AskAsync(CommandContext context, Uri address, TimeSpan timeout, CancellationToken cancellation)
    {
        // What is asked is a machine's own server or a neighbour, whatever proxy the environment names.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        using var bound = new CancellationTokenSource(timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var ask = address.Scheme == "tcp" ? Probe.OfPort(address.DnsSafeHost, address.Port) : Probe.OfHttp(client, address);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{address} has not answered within {timeout.TotalSeconds:0.###} s");
        }
    }
}
