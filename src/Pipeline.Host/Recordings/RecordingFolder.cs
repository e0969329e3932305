using System.Globalization;

namespace Pipeline.Host.Recordings;

/// <summary>The files of one venue's recordings: <c>VENUE-20261121T090000.000Z.rec</c>, the oldest deleted for the newest. For one thread.</summary>
/// <param name="keep">Bytes beyond which the oldest are deleted.</param>
internal sealed class RecordingFolder(string folder, string venue, long keep, TimeProvider time)
{
    private const string Suffix = ".rec";

    /// <summary>Makes the next file, and room for it: what is there, without the newest that will grow, stays below the bound.</summary>
    /// <param name="most">Bytes the new file may come to.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public FileStream Open(long most)
    {
        Directory.CreateDirectory(folder);
        MakeRoom(most);
        var at = time.GetUtcNow().UtcDateTime;
        while (true)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{venue}-{at:yyyyMMdd'T'HHmmss.fff'Z'}{Suffix}"));
            if (!File.Exists(path))
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }

            at = at.AddMilliseconds(1);
        }
    }

    private void MakeRoom(long most)
    {
        // Names of other venues may begin alike: the time behind the name has a fixed length.
        var length = venue.Length + 1 + "20261121T090000.000Z".Length + Suffix.Length;
        var files = new DirectoryInfo(folder).GetFiles($"{venue}-*{Suffix}")
            .Where(file => file.Name.Length == length && char.IsAsciiDigit(file.Name[venue.Length + 1]))
            .OrderByDescending(file => file.Name, StringComparer.Ordinal);
        var kept = most;
        foreach (var file in files)
        {
            kept += file.Length;
            if (kept > keep)
            {
                file.Delete();
            }
        }
    }
}
