import { betterGI } from './betterGI/betterGI.sender';
import { custom } from './webhook/custom.sender';
import { emby } from './emby/emby.sender';
import { grafana } from './grafana/grafana.sender';
import { jellyfin } from './emby/jellyfin.sender';
import { lidarr } from './servarr/lidarr.sender';
import { mediaSaber } from './mediaSaber/mediaSaber.sender';
import { moviePilot } from './moviePilot/moviePilot.sender';
import { overseerr } from './overseerr/overseerr.sender';
import { plex } from './plex/plex.sender';
import { prowlarr } from './servarr/prowlarr.sender';
import { qd } from './qd/qd.sender';
import { qinglong } from './qinglong/qinglong.sender';
import { radarr } from './servarr/radarr.sender';
import { readarr } from './servarr/readarr.sender';
import type { Sender } from '../core/define/sender';
import { sonarr } from './servarr/sonarr.sender';
import { tautulli } from './tautulli/tautulli.sender';
import { uptimeKuma } from './uptimeKuma/uptimeKuma.sender';
import { whisparr } from './servarr/whisparr.sender';

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
