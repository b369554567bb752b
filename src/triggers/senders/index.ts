import { betterGI } from './betterGI';
import { custom } from './custom';
import { emby } from './emby';
import { grafana } from './grafana';
import { jellyfin } from './jellyfin';
import { lidarr } from './lidarr';
import { mediaSaber } from './mediaSaber';
import { moviePilot } from './moviePilot';
import { overseerr } from './overseerr';
import { plex } from './plex';
import { prowlarr } from './prowlarr';
import { qd } from './qd';
import { qinglong } from './qinglong';
import { radarr } from './radarr';
import { readarr } from './readarr';
import type { Sender } from './sender';
import { sonarr } from './sonarr';
import { tautulli } from './tautulli';
import { uptimeKuma } from './uptimeKuma';
import { whisparr } from './whisparr';

/** Every sender there is; in forms in this order. A new one is its file and its name here. */
export const senders = [
	emby,
	jellyfin,
	plex,
	tautulli,
	sonarr,
	radarr,
	lidarr,
	readarr,
	prowlarr,
	whisparr,
	overseerr,
	moviePilot,
	mediaSaber,
	betterGI,
	qinglong,
	qd,
	uptimeKuma,
	grafana,
	custom,
] as const satisfies readonly Sender[];
