import type { Sender } from '../core/define/sender';
import { apprise } from './apprise/apprise.dialect';
import { audiobookshelf } from './audiobookshelf/audiobookshelf.sender';
import { bark } from './bark/bark.dialect';
import { bazarr } from './bazarr/bazarr.sender';
import { betterGI } from './betterGI/betterGI.sender';
import { custom } from './webhook/custom.sender';
import { dingtalk } from './dingtalk/dingtalk.dialect';
import { discord } from './discord/discord.dialect';
import { diun } from './diun/diun.sender';
import { emby } from './emby/emby.sender';
import { feishuRobot } from './feishu/feishuRobot.dialect';
import { gitea } from './forge/gitea.sender';
import { github } from './forge/github.sender';
import { gitlab } from './forge/gitlab.sender';
import { gotify } from './gotify/gotify.dialect';
import { grafana } from './grafana/grafana.sender';
import { healthchecks } from './healthchecks/healthchecks.sender';
import { homeAssistant } from './homeAssistant/homeAssistant.sender';
import { immich } from './immich/immich.sender';
import { jellyfin } from './emby/jellyfin.sender';
import { jellyfinWebhooks } from './emby/jellyfinWebhooks.sender';
import { lidarr } from './servarr/lidarr.sender';
import { maintainerr } from './maintainerr/maintainerr.sender';
import { mediaSaber } from './mediaSaber/mediaSaber.sender';
import { moviePilot } from './moviePilot/moviePilot.sender';
import { ntfy } from './ntfy/ntfy.dialect';
import { ombi } from './ombi/ombi.sender';
import { overseerr } from './overseerr/overseerr.sender';
import { plex } from './plex/plex.sender';
import { prowlarr } from './servarr/prowlarr.sender';
import { proxmox } from './proxmox/proxmox.sender';
import { pushPlus } from './pushPlus/pushPlus.dialect';
import { qbittorrent } from './torrents/qbittorrent.sender';
import { qd } from './qd/qd.sender';
import { qinglong } from './qinglong/qinglong.sender';
import { radarr } from './servarr/radarr.sender';
import { readarr } from './servarr/readarr.sender';
import { serverChan } from './serverChan/serverChan.dialect';
import { slackWebhook } from './slack/slackWebhook.dialect';
import { sonarr } from './servarr/sonarr.sender';
import { synologyDsm } from './synologyDsm/synologyDsm.sender';
import { tautulli } from './tautulli/tautulli.sender';
import { transmission } from './torrents/transmission.sender';
import { uptimeKuma } from './uptimeKuma/uptimeKuma.sender';
import { watchtower } from './watchtower/watchtower.sender';
import { wecomRobot } from './wecom/wecomRobot.dialect';
import { whisparr } from './servarr/whisparr.sender';

/** Every sender there is, as `npm run sync` found them. */
export const senders = [
	apprise,
	audiobookshelf,
	bark,
	bazarr,
	betterGI,
	dingtalk,
	discord,
	diun,
	emby,
	feishuRobot,
	gitea,
	github,
	gitlab,
	gotify,
	grafana,
	healthchecks,
	homeAssistant,
	immich,
	jellyfin,
	jellyfinWebhooks,
	lidarr,
	maintainerr,
	mediaSaber,
	moviePilot,
	ntfy,
	ombi,
	overseerr,
	plex,
	prowlarr,
	proxmox,
	pushPlus,
	qbittorrent,
	qd,
	qinglong,
	radarr,
	readarr,
	serverChan,
	slackWebhook,
	sonarr,
	synologyDsm,
	tautulli,
	transmission,
	uptimeKuma,
	watchtower,
	wecomRobot,
	whisparr,
	custom,
] as const satisfies readonly Sender[];
