using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.ForeignClientTests;

/// <summary>Runs <c>Clients/page.js</c>, a user before the page in a browser without a window, and brings about the troubles it asks for.</summary>
internal static class Browser
{
    // The whole visit takes some 20 s, several times that on a machine with much else to do; each of its waits gives up by itself before.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    /// <summary>Screenshots of the last run.</summary>
    public static string Folder { get; } = Path.Combine(ForeignClient.Root, "artifacts", "page");

    /// <param name="url">Where the page is.</param>
    /// <param name="instrument">What is looked at, as <c>venue:id</c>.</param>
    /// <param name="other">What is searched for then.</param>
    /// <param name="bringAbout">Does what is asked: <c>stale</c>, <c>fresh</c>, <c>down</c>, <c>up</c>.</param>
    /// <returns>What was seen.</returns>
    public static Task<JsonElement> VisitAsync(Uri url, string instrument, string other, Func<string, Task> bringAbout) =>
        ConverseAsync("page.js", bringAbout, url.ToString(), instrument, other, Folder);

    /// <summary>Runs a script that prints <c>{"ask":…}</c> where something is to happen, and reads on when it has.</summary>
    /// <returns>Its last line.</returns>
    public static async Task<JsonElement> ConverseAsync(string script, Func<string, Task> bringAbout, params string[] arguments)
    {
        var start = ForeignClient.Node(script, arguments);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        JsonElement last = default;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                last = JsonDocument.Parse(line).RootElement;
                if (last.TryGetProperty("ask", out var what))
                {
                    await bringAbout(what.GetString()!);
                    await process.StandardInput.WriteLineAsync("done".AsMemory(), patience.Token);
                    await process.StandardInput.FlushAsync(patience.Token);
                }
            }

            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{script} did not end within {Patience}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0, $"{script} did not see what it should.\n{await error}");
        return last;
    }
}
