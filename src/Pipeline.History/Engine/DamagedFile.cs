using System.Globalization;

namespace Pipeline.History.Engine;

/// <summary>A file that cannot be read any more.</summary>
internal static class DamagedFile
{
    /// <summary>Moves it and what lies beside it out of the way, and returns its new name.</summary>
    /// <exception cref="HistoryException">It cannot be moved.</exception>
    public static string MoveAside(string path, DateTimeOffset now)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now:yyyyMMdd'T'HHmmss}");
        try
        {
            File.Move(path, target, overwrite: true);
            foreach (var suffix in new[] { "-wal", "-shm" })
            {
                if (File.Exists(path + suffix))
                {
                    File.Move(path + suffix, target + suffix, overwrite: true);
                }
            }

            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HistoryException(HistoryFault.Unreadable, $"The damaged history file {path} cannot be moved aside: {error.Message}", error);
        }
    }
}
