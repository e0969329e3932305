using System.Runtime.InteropServices;

namespace Pipeline.Host.Supervision;

/// <summary>The two system calls that <see cref="System.Diagnostics.Process"/> lacks.</summary>
internal static partial class UnixProcess
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end; false when there is none or it is not ours.</summary>
    public static bool Terminate(int pid) => Kill(pid, Sigterm) == 0;

    /// <summary>Leaves the terminal's session, so that closing the terminal does not end this process.</summary>
    public static void LeaveTerminal() => _ = SetSession();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}
