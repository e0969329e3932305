using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Pipeline.Host.Telemetry;

/// <summary>Counts exports that failed, and says so once until one succeeds. For any thread.</summary>
internal sealed class ExportWatch(string signal, Uri to, ILogger log)
{
    private long _failures;
    private int _isFailing;

    public string Signal => signal;

    public long Failures => Interlocked.Read(ref _failures);

    public ExportResult Note(ExportResult result)
    {
        var failed = result == ExportResult.Failure;
        if (failed)
        {
            Interlocked.Increment(ref _failures);
        }

        if (Interlocked.Exchange(ref _isFailing, failed ? 1 : 0) != (failed ? 1 : 0))
        {
            if (failed)
            {
                TelemetryLog.ExportFailed(log, signal, to);
            }
            else
            {
                TelemetryLog.ExportWorks(log, signal, to);
            }
        }

        return result;
    }
}
