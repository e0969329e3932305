using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>The <c>pipeline</c> command as a user starts it: a process of its own, its output kept.</summary>
internal sealed partial class PipelineProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigContinue = 18;
    public const int SigStop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private PipelineProcess(Process process) => _process = process;

    /// <summary>The command as this configuration built it.</summary>
    public static string Executable { get; } = FindExecutable();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Resident memory, bytes.</summary>
    public long WorkingSet => MemoryOf("VmRSS:");

    /// <summary>The most that was resident since it began, bytes.</summary>
    public long LargestWorkingSet => MemoryOf("VmHWM:");

    /// <summary>Standard output and error, line by line, as far as they came.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    public static PipelineProcess Start(params string[] arguments) => Start(Executable, arguments, TestKit.Fixture.RepositoryRoot);

    public static PipelineProcess Start(string executable, IEnumerable<string> arguments, string workingFolder)
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("KAFKA_BOOTSTRAP_SERVERS");
        start.Environment["NO_COLOR"] = "1";
        var process = new Process { StartInfo = start };
        var running = new PipelineProcess(process);
        process.OutputDataReceived += (_, line) => running.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => running.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
        }
    }

    /// <param name="within">Where its last work takes longer than most.</param>
    public async Task<int> WaitForExitAsync(TimeSpan? within = null)
    {
        using var bound = new CancellationTokenSource(within ?? Until.Bound);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} has not ended: {Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            await WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string FindExecutable()
    {
        // bin/{configuration}/{framework} of this project names the same folders of the command's.
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(
            TestKit.Fixture.RepositoryRoot, "src", "Pipeline.Host", "bin", framework.Parent!.Name, framework.Name, "pipeline");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    private long MemoryOf(string field) => 1024 * long.Parse(
        File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
