using Pipeline.Core.Restart;

namespace Pipeline.Kafka.State;

/// <summary>Told how a restart goes. To be quick.</summary>
public interface IRestoreWatch
{
    /// <summary>At most every two seconds.</summary>
    void Reading(long records, long of, double perSecond);

    /// <summary>A checkpoint does not hold: the log is read instead.</summary>
    void Ignored(int partition, string reason);

    /// <summary>Something of the log is gone, or cannot be read, or is left out.</summary>
    void Lacking(int partition, string what);

    /// <summary>Records were left out, and are counted.</summary>
    /// <param name="reason"><c>stale-epoch</c> or <c>bad-record</c>.</param>
    void Dropped(string reason, long records);

    void Restored(RestoredPartition restored, TimeSpan took);
}
