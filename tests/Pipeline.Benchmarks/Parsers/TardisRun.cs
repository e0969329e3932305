using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Runs the JavaScript contender; its package is fetched once into the build's artifacts.</summary>
internal static class TardisRun
{
    private const string Package = "tardis-dev@13.35.3";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>Where node finds the package; null, with the reason printed, when it cannot be had.</summary>
    public static async Task<string?> PrepareAsync()
    {
        var folder = Path.GetFullPath(Path.Combine("artifacts", "bench"));
        var modules = Path.Combine(folder, "node_modules");
        if (Directory.Exists(Path.Combine(modules, "tardis-dev")))
        {
            return modules;
        }

        Directory.CreateDirectory(folder);
        var (code, _, error) = await StartAsync("npm", folder, null, "install", "--prefix", folder, "--silent", "--no-audit", "--no-fund", Package);
        if (code != 0)
        {
            Console.WriteLine($"  {Package} could not be fetched ({error.Trim()}): compared without it");
            return null;
        }

        return modules;
    }

    public static async Task<TardisResult> RunAsync(string modules, string exchange, List<byte[]> frames, int rounds)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(file))
            {
                foreach (var frame in frames)
                {
                    await stream.WriteAsync(frame);
                    stream.WriteByte((byte)'\n');
                }
            }

            var script = Path.Combine(AppContext.BaseDirectory, "Parsers", "tardis.js");
            var (code, output, error) = await StartAsync(
                "node", Directory.GetCurrentDirectory(), modules, "--expose-gc", script, exchange, file, $"{rounds}");
            return code == 0
                ? JsonSerializer.Deserialize<TardisResult>(output, Format)!
                : throw new InvalidOperationException($"tardis.js failed: {error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Code, string Output, string Error)> StartAsync(
        string program, string folder, string? modules, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = modules;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, "", missing.Message);
        }
    }
}
