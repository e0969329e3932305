using System.Diagnostics;
using System.Runtime;

namespace Pipeline.FanoutBench;

/// <summary>
/// With <c>FANOUT_TRACE=1</c>: what the runtime itself did in each tenth of a second in which it did anything, on standard error. What a
/// tail is made of stands there: a collection's pause, methods being compiled, a lock that was waited for.
/// </summary>
internal static class RuntimeTrace
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static void StartWhereAsked()
    {
        if (Environment.GetEnvironmentVariable("FANOUT_TRACE") == "1")
        {
            new Thread(Run) { IsBackground = true, Name = "trace" }.Start();
        }
    }

    private static void Run()
    {
        var last = Snapshot.Now();
        while (true)
        {
            Thread.Sleep(Interval);
            var now = Snapshot.Now();
            if (now.Collections + now.Methods != last.Collections + last.Methods)
            {
                Console.Error.WriteLine(now.Since(last));
            }

            last = now;
        }
    }

    private readonly record struct Snapshot(
        double At, int Collections, int OldCollections, double PauseMs, long Methods, double CompileMs, long Contentions, long Allocated)
    {
        /// <summary>Milliseconds of the clock that the load generator uses too.</summary>
        public static Snapshot Now() => new(
            Stopwatch.GetElapsedTime(0).TotalMilliseconds,
            GC.CollectionCount(0),
            GC.CollectionCount(1),
            GC.GetTotalPauseDuration().TotalMilliseconds,
            JitInfo.GetCompiledMethodCount(),
            JitInfo.GetCompilationTime().TotalMilliseconds,
            Monitor.LockContentionCount,
            GC.GetTotalAllocatedBytes());

        public string Since(in Snapshot last) => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"TRACE ms={At:F0} gc0={Collections - last.Collections} gc1={OldCollections - last.OldCollections} pause_ms={PauseMs - last.PauseMs:F1} methods={Methods - last.Methods} compile_ms={CompileMs - last.CompileMs:F1} contended={Contentions - last.Contentions} allocated_kb={(Allocated - last.Allocated) / 1024}");
    }
}
