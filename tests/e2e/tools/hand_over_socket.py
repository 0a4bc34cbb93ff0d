# SPDX-License-Identifier: Apache-2.0
"""Does as systemd does with a .socket unit: listens at PATH (root:GROUP 0660), hands that over as descriptor 3, runs COMMAND.

usage: hand_over_socket.py PATH GROUP COMMAND…
"""
import grp
import os
import socket
import sys

path, group, *command = sys.argv[1:]
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
os.umask(0o177)
listener.bind(path)
os.chown(path, 0, grp.getgrnam(group).gr_gid)
os.chmod(path, 0o660)
listener.listen(16)
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.umask(0o022)
os.execvp(command[0], command)
